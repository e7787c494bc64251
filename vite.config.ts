import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    tailwindcss(),
    remix({
      appDirectory: 'app',
      buildDirectory: 'build',
      ignoredRouteFiles: ['**/*.test.ts', '**/*.test.tsx'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_singleFetch: true,
        // A dozen routes are no weight, and a fetcher whose route was discovered late loses it when the page reloads its data.
        v3_lazyRouteDiscovery: false,
      },
    }),
  ],
  // Vite would inline small files as data: URLs, which the content security policy refuses.
  build: { assetsInlineLimit: 0, target: 'es2022' },
  ssr: { noExternal: ['radix-ui', 'recharts'] },
});
