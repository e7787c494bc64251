import type { InlineProblem } from '#app/editor/problems.ts';

interface ProblemLineProps {
  marks: readonly InlineProblem[];
  checking: boolean;
  dirty: boolean;
  onShow: (mark: InlineProblem) => void;
}

/** What is wrong in the text, in one line a problem; keeps its place while a check runs. */
export function ProblemLine({ marks, checking, dirty, onShow }: ProblemLineProps) {
  return (
    <div role="status" className="mt-2 min-h-5">
      {marks.slice(0, 5).map((mark) => (
        <button
          key={`${mark.from}${mark.message}`}
          type="button"
          onClick={() => onShow(mark)}
          title={mark.message}
          className="line-clamp-2 max-w-full text-left text-bad hover:underline"
        >
          ■ {mark.place}: {mark.message}
        </button>
      ))}
      {marks.length > 5 && <span className="text-muted">and {marks.length - 5} more</span>}
      {marks.length === 0 && dirty && (
        <span className={checking ? 'text-muted' : 'text-good'}>
          {checking ? 'Checking…' : '● No problem found in what you edited'}
        </span>
      )}
    </div>
  );
}
