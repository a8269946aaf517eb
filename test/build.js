const { execFileSync } = require('node:child_process');
const { resolve } = require('node:path');

const root = resolve(__dirname, '..');

/** Jest's global setup: builds dist/, which the engine loads. */
module.exports = () => {
	const gulp = resolve(root, 'node_modules/gulp/bin/gulp.js');
	execFileSync(process.execPath, [gulp, 'assemble', '--silent'], { cwd: root });
};
