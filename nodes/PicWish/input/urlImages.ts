// Images behind URLs that n8n opens itself, to read their size or to upload them.

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { ByteStream } from '../api/http';
import { MAX_BYTES_BY_URL, TASKS, type TaskType } from '../api/tasks';
import { recognize, FILE_TYPES, type Content } from '../picture/formats';
import { readHead, type Head } from '../picture/head';
import type { Picture } from '../picture/picture';
import { Gate } from '../schedule/gate';
import { readPicture } from './binaryFile';
import { checkPicture, tooLarge } from './pictureChecks';
import { UrlFile, type Web } from './urlFile';
import { IMAGE_URL, webPage } from './urlFailures';

/** Concurrent requests of one run to the images' hosts. */
const HEADS_AT_ONCE = 8;
const DOWNLOADS_AT_ONCE = 4;

/** Receives a downloaded image and its file in n8n's store. */
type Use<T> = (picture: Picture, binary: IBinaryData) => Promise<T>;

/** Downloads an image and passes it to `use`. */
export type Download = <T>(use: Use<T>) => Promise<T>;

export interface UrlSource {
	url: string;
	fileName: string;
	taskType: TaskType;
}

/** Reads the images behind URLs for one run; its items share the concurrency limits. */
export class UrlImages {
	private readonly heads = new Gate(HEADS_AT_ONCE);
	/** One at a time until n8n is known not to keep files in memory. */
	private readonly downloads = new Gate(1);

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly web: Web,
	) {}

	/**
	 * Reads and checks an image's header.
	 *
	 * @param forUpload whether n8n will upload the image; otherwise PicWish downloads it
	 * @throws PicWishError INVALID_INPUT if PicWish would not accept the image; NETWORK_ERROR
	 */
	async readHead({ url, fileName, taskType }: UrlSource, forUpload: boolean): Promise<Head> {
		const leave = await this.heads.enter();
		try {
			const file = new UrlFile(url, this.web);
			const head = await file.retried(
				async () => await readHead(file.open, undefined, file.openAt),
			);
			checkIsPicture(head.content, file.mimeType, url);
			const bytes = file.bytes ?? file.announcedBytes;
			const mostBytes = forUpload ? TASKS[taskType].maxBytes : MAX_BYTES_BY_URL;
			checkPicture({ ...head, bytes, fileName }, taskType, IMAGE_URL, mostBytes);
			return head;
		} finally {
			leave();
		}
	}

	/**
	 * Downloads an image into n8n's binary store and passes it to `use`. If n8n keeps files in memory, the
	 * next download starts only when `use` is done.
	 *
	 * @throws PicWishError INVALID_INPUT if the upload would be refused; NETWORK_ERROR
	 */
	async download<T>(source: UrlSource, use: Use<T>): Promise<T> {
		const leave = await this.downloads.enter();
		try {
			const { picture, binary } = await this.store(source);
			if (binary.id !== undefined) {
				this.downloads.widen(DOWNLOADS_AT_ONCE);
				leave();
			}
			return await use(picture, binary);
		} finally {
			leave();
		}
	}

	private async store({ url, fileName, taskType }: UrlSource) {
		const file = new UrlFile(url, this.web);
		const check = (head: Buffer) => {
			const content = recognize(head);
			checkIsPicture(content, file.mimeType, url);
			checkPicture({ content, fileName, bytes: head.length }, taskType, IMAGE_URL);
			return content?.format ? FILE_TYPES[content.format].mimeType : file.mimeType;
		};
		const { maxBytes: mostBytes } = TASKS[taskType];
		const limits = { mostBytes, tooLarge: () => tooLarge(fileName, taskType, IMAGE_URL) };
		const store = async (body: ByteStream | Buffer, mimeType: string) =>
			await this.context.helpers.prepareBinaryData(body, fileName, mimeType);
		const binary = await file.retried(async () => await file.download(check, limits, store));
		const picture = await readPicture(this.context, binary);
		checkPicture(picture, taskType, IMAGE_URL);
		return { picture, binary };
	}
}

/** @throws PicWishError INVALID_INPUT for a web page in place of a picture */
function checkIsPicture(content: Content | undefined, mimeType: string, url: string): void {
	const isPage = content?.name === 'HTML' || (!content && /^text\/html\b/i.test(mimeType));
	if (isPage) throw webPage(url);
}
