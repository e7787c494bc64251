import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Directions: contracts knows only zod; platform knows contracts; the services know both and never one another, since
 * they meet on NATS subjects and ClickHouse tables alone. scripts/, tests/ and bench/ compose and may import all.
 */
const folders = ['app', 'bench', 'contracts', 'ingest', 'platform', 'scripts', 'simulator', 'sync-engine', 'tests'];

const outside = (folder, allowed) => {
  const forbidden = folders.filter((name) => name !== folder && !allowed.includes(name)).join('|');
  return {
    regex: `^(#(${forbidden})/|(\\.\\./)+(${forbidden})/)`,
    message: `${folder}/ may import only ${[folder, ...allowed].join(', ')} (docs/architecture.md, Folders).`,
  };
};

const serverCode = {
  regex: String.raw`^node:|^#platform/|^#app/(server|commands|queries|live)/|/(server|commands|queries)/|\.server(\.tsx?)?$`,
  message: 'Components run in the browser: they take what they show as props and never import server code.',
  allowTypeImports: true,
};

const only = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

/** What the client's own listings count down to their end may reach it before everything has come. */
const wholeListings = {
  selector: 'AwaitExpression > CallExpression[callee.property.name=/^(keys|history|purgeDeletes)$/]',
  message: 'The listings of a KV bucket may end early: use platform/nats/list.ts.',
};

const directions = [
  {
    files: ['contracts/**/*.ts'],
    ignores: ['contracts/**/*.test.ts', 'contracts/generate.ts'],
    rules: only({ regex: String.raw`^(?!zod$|\.{1,2}/|#contracts/)`, message: 'contracts/ imports only zod.' }),
  },
  { files: ['platform/**/*.ts'], rules: only(outside('platform', ['contracts'])) },
  ...['app', 'ingest', 'sync-engine', 'simulator'].map((folder) => ({
    files: [`${folder}/**/*.{ts,tsx}`],
    rules: only(outside(folder, ['contracts', 'platform'])),
  })),
  {
    files: ['app/components/**/*.{ts,tsx}'],
    rules: only(outside('app', ['contracts', 'platform']), serverCode),
  },
];

export default tseslint.config(
  { ignores: ['build/', 'data/', 'contracts/schemas/', 'test-results/', 'playwright-report/', '**/.vite/'] },
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-useless-rename': 'error',
      'object-shorthand': 'error',
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name="process"][property.name="env"]',
          message: 'Only main.ts and env.ts read the environment: take a setting as a parameter.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a zod enum or a union of literals.' },
        { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
        wholeListings,
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/prefer-optional-chain': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // An async function without await is how a synchronous implementation meets an asynchronous interface.
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...directions,
  {
    files: ['**/main.ts', '**/env.ts', 'scripts/**', 'tests/**', 'bench/**', '**/*.test.{ts,tsx}', '*.config.{ts,js}'],
    rules: { 'no-restricted-syntax': ['error', wholeListings] },
  },
  {
    // Programs whose output is their purpose.
    files: ['scripts/**', 'bench/**', 'tests/**', 'contracts/generate.ts', '**/main.ts', '**/env.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    // Remix's way to redirect and to answer 404 from a loader is to throw a Response.
    files: ['app/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/only-throw-error': [
        'error',
        {
          allow: [
            { from: 'lib', name: 'Response' },
            { from: 'package', package: '@remix-run/server-runtime', name: 'TypedResponse' },
          ],
        },
      ],
    },
  },
  {
    files: ['tests/**', '**/*.test.{ts,tsx}'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { '@typescript-eslint/prefer-nullish-coalescing': 'off', '@typescript-eslint/prefer-optional-chain': 'off' },
  },
);
