const { rm } = require('node:fs/promises');
const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');

const ENTRY_POINTS = ['credentials/PicWishApi.credentials.ts', 'nodes/PicWish/PicWish.node.ts'];

async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** One file for each class that n8n loads; n8n's own packages are not. */
async function bundle() {
	await build({
		entryPoints: ENTRY_POINTS,
		outbase: '.',
		outdir: 'dist',
		bundle: true,
		platform: 'node',
		target: 'node20',
		format: 'cjs',
		external: ['n8n-workflow'],
		// Comments and blanks are a sixth of the package; names stay, for whoever reads a stack trace.
		minifyWhitespace: true,
		minifySyntax: true,
		legalComments: 'inline',
		logLevel: 'warning',
	});
}

function icons() {
	return src('nodes/**/*.svg', { encoding: false }).pipe(dest('dist/nodes'));
}

function codex() {
	return src('nodes/**/*.node.json').pipe(dest('dist/nodes'));
}

const assemble = parallel(bundle, icons, codex);

exports.default = series(clean, assemble);
/** Without the cleaning: for tests, several of which may run at once. */
exports.assemble = assemble;
