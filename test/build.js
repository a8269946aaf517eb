const { execFileSync } = require('node:child_process');
const { resolve } = require('node:path');

/** Jest's global setup: builds dist/, which the engine loads. */
module.exports = () => {
	const gulp = require.resolve('gulp/bin/gulp.js');
	execFileSync(process.execPath, [gulp, '--silent'], { cwd: resolve(__dirname, '..') });
};
