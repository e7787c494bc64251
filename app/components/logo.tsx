/** Two strands that cross and stay together. */
export function Logo({ className = 'size-6' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="7" className="fill-accent" />
      <path
        d="M7 20c4 0 5-8 9-8s5 8 9 8"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path
        d="M7 12c4 0 5 8 9 8s5-8 9-8"
        fill="none"
        className="stroke-on-accent"
        strokeOpacity="0.5"
        strokeWidth="3"
        strokeLinecap="round"
      />
    </svg>
  );
}
