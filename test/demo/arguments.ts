/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a command-line program for a developer's machine */
import { Command, InvalidArgumentError, Option } from 'commander';
import { statSync } from 'node:fs';
import type { Area } from '../sandbox/samples/samples';

/** What to run: the sample pictures, or one's own. Files are known to exist. */
export type DemoArguments =
	| { pictures: 'samples' }
	| { pictures: 'own'; file: string; rectangles?: Area[]; maskFile?: string };

const form = 'Give four whole numbers such as 10,20,300,80: left, top, width, height in pixels.';

/** @throws InvalidArgumentError */
function parseRectangle(text: string): Area {
	const numbers = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
	const [x, y, width, height, ...more] = numbers;
	const given = x !== undefined && y !== undefined && width !== undefined && height !== undefined;
	if (!given || more.length > 0 || numbers.some(Number.isNaN)) {
		throw new InvalidArgumentError(form);
	}
	if (width === 0 || height === 0) {
		throw new InvalidArgumentError('Width and height must be at least 1.');
	}
	return { x, y, width, height };
}

function addRectangles(text: string, before: Area[] = []): Area[] {
	const parts = text.split(';').filter((part) => part.trim() !== '');
	if (parts.length === 0) throw new InvalidArgumentError(form);
	return [...before, ...parts.map(parseRectangle)];
}

function existingFile(path: string): string {
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
		throw new InvalidArgumentError(`There is no file "${path}".`);
	}
	return path;
}

/**
 * Reads the command line. Prints what is wrong and ends the process when something is.
 *
 * @param argv as `process.argv`
 */
export function readArguments(argv: readonly string[]): DemoArguments {
	const command = new Command('npm run demo --')
		.description(
			"Runs the built node in n8n's own engine, against a sandbox on this machine, or against the " +
				'real service when PICWISH_API_KEY (and, if needed, PICWISH_BASE_URL) is set. ' +
				'Pictures and output items go to demo-output/.',
		)
		.argument('[picture]', 'your own picture (default: the sample pictures)', existingFile)
		.option(
			'-r, --rectangles <x,y,width,height>',
			'remove the objects in these rectangles; repeat it, or separate several by ";"',
			addRectangles,
		)
		.addOption(
			new Option('-m, --mask <file>', 'remove what is white in this picture of the same size')
				.argParser(existingFile)
				.conflicts('rectangles'),
		)
		.addHelpText('after', '\nWith neither of the two, the watermark of your picture is removed.')
		.showHelpAfterError('(--help shows how it is meant)')
		.parse(argv);

	const file: string | undefined = command.processedArgs[0];
	const { rectangles, mask } = command.opts<{ rectangles?: Area[]; mask?: string }>();
	if (file !== undefined) return { pictures: 'own', file, rectangles, maskFile: mask };
	if (rectangles ?? mask) command.error('error: Say which picture: npm run demo -- photo.jpg …');
	return { pictures: 'samples' };
}
