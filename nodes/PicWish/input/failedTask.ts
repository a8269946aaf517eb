// What a failed task means for its job, and what to do next.

import { FAILED_STATE, UNREACHABLE_STATE, UNREADABLE_STATE } from '../api/codes';
import type { TaskOrder } from '../api/order';
import { asPicWishError, type PicWishError } from '../errors';
import type { Job } from './job';
import type { Download } from './urlImages';
import { IMAGE_URL, NOT_DOWNLOADED } from './urlFailures';
import { sharePageHint } from './webAddress';

const MAYBE_A_PAGE =
	'The address may lead to a web page: open it in a private window, it must show only the image.';

const GET_RESULT = 'Get Result';
const STILL_THERE = `The task itself may be fine: fetch it with the ${GET_RESULT} operation within an hour.`;
const NAMED =
	'To keep the task ID when an answer is lost, set Request Mode to Asynchronous in the options.';
const NOT_KNOWN = `PicWish created this task and now does not know it. Try the ${GET_RESULT} operation in a minute, and check your credits before you run this item again.`;
const CHECK_REGION = 'Check the region or base URL in the credential.';

/**
 * The same job as an upload, if PicWish could not download the image and n8n is allowed to.
 *
 * @param readAnew reads the job again with n8n fetching the image
 * @returns undefined if the task failed for another reason, or the job does not allow an upload
 * @throws PicWishError with both reasons if n8n cannot read the image either; its download does the same
 */
export async function uploadInstead(
	job: Job,
	error: PicWishError,
	readAnew: () => Promise<Job>,
): Promise<Job | undefined> {
	const { fetch, options, inputs } = job;
	if (!fetch || fetch.first || !options.wait) return undefined;
	if (error.details.state !== UNREACHABLE_STATE) return undefined;
	const upload = await readAnew().catch(
		async (reason: unknown) => await Promise.reject(bothReasons(error, reason)),
	);
	const download = withBothReasons(fetch.download, error);
	// Keep `inputs`: who downloads the image does not make it a different task.
	return { ...upload, inputs, fetch: { first: true, download } };
}

/** The task's error, with advice that fits this job. */
export function explained({ order, fetch }: Job, error: PicWishError): PicWishError {
	const { code, state, description, taskId, maybeAccepted } = error.details;
	const advise = (...advice: string[]) =>
		error.with({ description: advice.filter(Boolean).join(' ') });
	if (!order) return error;
	if (maybeAccepted && order.sync) return advise(description, NAMED);
	if (code === 'NOT_FOUND') return advise(taskId ? NOT_KNOWN : CHECK_REGION);
	if (taskId && state === undefined && !description.includes(GET_RESULT)) {
		return advise(description, STILL_THERE);
	}
	if (state === FAILED_STATE) return advise(checkArea(order));
	const url = fetch?.first ? undefined : order.image;
	const isUnread = state === UNREACHABLE_STATE || state === UNREADABLE_STATE;
	if (typeof url !== 'string' || !isUnread) return error;
	const page = state === UNREADABLE_STATE ? MAYBE_A_PAGE : '';
	return advise(description, page, sharePageHint(url));
}

function checkArea({ area }: TaskOrder): string {
	if (!area) return 'Run this item again, or use another image.';
	return 'mask' in area
		? 'Check that the mask has the same size as the image and is not all black, then run this item again.'
		: 'Check that the rectangles lie inside the image and mark only a part of it, then run this item again.';
}

function withBothReasons(download: Download, refusal: PicWishError): Download {
	return async (use) => {
		let isDownloaded = false;
		const used: typeof use = async (...file) => {
			isDownloaded = true;
			return await use(...file);
		};
		return await download(used).catch(
			async (error: unknown) =>
				await Promise.reject(isDownloaded ? error : bothReasons(refusal, error)),
		);
	};
}

function bothReasons(refusal: PicWishError, thrown: unknown): PicWishError {
	const { details } = asPicWishError(thrown);
	const { message, taskId } = refusal.details;
	if (details.code === 'CANCELED') return refusal.with({ ...details, taskId });
	const reason = details.message.replace(`${IMAGE_URL}: `, '').replace(NOT_DOWNLOADED, '');
	return refusal.with({
		message: [`${message}; n8n could not either`, reason].filter(Boolean).join(': '),
		description: details.description,
		retryable: details.retryable,
	});
}
