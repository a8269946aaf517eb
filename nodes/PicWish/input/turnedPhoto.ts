// Photos stored rotated (EXIF orientation): how to send them, and how to orient their results.

import type { IBinaryData } from 'n8n-workflow';
import { FILE_TYPES } from '../picture/formats';
import type { Head } from '../picture/head';
import type { Job } from './job';

/** What to do with an image that is stored rotated. If `resultOrientation` is set, it is sent as upright. */
type Turning = Pick<Job, 'resultOrientation' | 'warning'>;

interface Circumstances {
	/** False if PicWish downloads the image. */
	uploaded: boolean;
	/** Whether this run fetches the result. */
	fetched: boolean;
	/** Whether the area is known to be in stored pixels. */
	areaIsStored: boolean;
}

/**
 * A photo stored rotated is sent as upright, and its result gets the original orientation back, so that
 * PicWish's handling of EXIF does not matter. This requires a JPEG that n8n uploads, a result that n8n
 * fetches, and an area in stored pixels; otherwise the file is sent unchanged, with a hint.
 *
 * @param head undefined if the image's header was not read
 */
export function turning(
	head: Head | undefined,
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

/** The hint about a finished item. Only a JPEG result gets the orientation back. */
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
