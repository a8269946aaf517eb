import { PicWishError, type ErrorDetails } from '../../../nodes/PicWish/errors';

/** What was read, or what was thrown. */
export function outcomeOf(read: () => unknown): unknown {
	try {
		return read();
	} catch (error) {
		return error;
	}
}

/** The details of the error that reading ends in. */
export function refusalOf(read: () => unknown): ErrorDetails {
	const outcome = outcomeOf(read);
	if (outcome instanceof PicWishError) return outcome.details;
	throw new Error(`It was not refused: ${String(outcome)}`);
}
