import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig([
  { ignores: ['labextension/lib/', 'labextension/src/api/types.ts', '**/*.d.ts'] },
  { plugins: { jupyter } },
  jupyter.configs.recommended, // also for the settings' schemas
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked
    ],
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'tsconfig.test.json'] } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': 'off', // records are types, what is handed in is an interface
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: true } }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-namespace': 'off', // command ids and tokens are grouped as JupyterLab groups them
      '@typescript-eslint/unbound-method': 'off', // a signal is connected by method and owner
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      'max-lines': ['error', 300],
      'no-console': 'error'
    }
  },
  {
    files: ['tests/ui/**/*.js'],
    extends: [js.configs.recommended],
    languageOptions: { globals: { fetch: 'readonly' } },
    rules: { curly: ['error', 'all'], eqeqeq: 'error', 'max-lines': ['error', 300] }
  },
  {
    files: ['**/__tests__/**'],
    rules: { 'jupyter/no-untranslated-string': 'off' } // what a server says is not ours to translate
  },
  prettier
]);
