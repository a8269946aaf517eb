// Photos stored turned: how they are sent, and what becomes of their results.

import type { IBinaryData } from 'n8n-workflow';
import { FILE_TYPES } from '../picture/formats';
import type { ImageHead } from './imageSource';

/** What to do with an image that is stored turned. */
interface Turning {
	/** EXIF orientation that the result is to get; the image is sent as an upright one then. */
	resultOrientation?: number;
	/** A hint for the output pane. */
	warning?: string;
}

interface Circumstances {
	/** False where PicWish is given an address. */
	uploaded: boolean;
	/** Whether this run fetches the result. */
	fetched: boolean;
	/** Whether the area is known to be in stored pixels. */
	areaIsStored: boolean;
}

/**
 * A photo stored turned is sent as an upright one, and its result gets the turn again: then nothing
 * depends on what PicWish makes of the orientation. That takes a JPEG that n8n uploads, a result that
 * n8n fetches, and an area in stored pixels; otherwise the file is sent as it is, with a hint.
 *
 * @param head undefined where the image's first bytes were not read
 */
export function turning(
	head: ImageHead | undefined,
	{ uploaded, fetched, areaIsStored }: Circumstances,
): Turning {
	if (!head || head.orientation === 1) return {};
	const { orientation, content } = head;
	const what = `the image is stored rotated (EXIF orientation ${orientation})`;
	if (uploaded && fetched && areaIsStored && content?.format === 'jpeg') {
		return { resultOrientation: orientation, warning: `${what} and was sent as an upright one` };
	}
	const why = !uploaded
		? 'PicWish downloads it'
		: content?.format !== 'jpeg'
			? `the node corrects the orientation of JPEG files only`
			: !areaIsStored
				? 'its mask may be drawn on the image as shown'
				: 'this run does not fetch the result';
	return {
		warning: `${what} and was sent as it is, because ${why}. Check the orientation of the result`,
	};
}

/** The hint about a finished item. Only JPEG carries the orientation again. */
export function finishedWarning(
	{ warning, resultOrientation }: Turning,
	picture: IBinaryData | undefined,
): string | undefined {
	if (resultOrientation === undefined || !picture) return warning;
	const carriesIt = picture.mimeType === FILE_TYPES.jpeg.mimeType;
	const result = carriesIt
		? 'the result has the same orientation'
		: 'the result is not a JPEG and is rotated as the image is stored: rotate it with the Edit Image node';
	return `${warning}; ${result}`;
}
