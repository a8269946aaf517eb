/* eslint-disable @n8n/community-nodes/no-restricted-imports -- test code, runs on a developer's machine */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

import { Api, routeApi } from './api';
import { type Fault, FaultList } from './faults';
import { FileStore } from './fileStore';
import { Inpainter } from './inpaint';
import { RequestLimit } from './limit';
import { closeServer, openServer } from './localServer';
import { ClientGoneError } from './multipart';
import type { ExifOrientation } from './pictureFile';
import { Processing } from './processing';
import { cutAnswer, type LoggedRequest, logRequest, preciseNow } from './requestLog';
import { Results, routeResults } from './results';
import { SignedUrls } from './signedUrls';
import { type ProcessingTimes, type SandboxTask, TaskBook } from './tasks';

export type { Fault, FaultAction } from './faults';
export type { LoggedRequest } from './requestLog';
export type { SandboxTask } from './tasks';

const HOUR_MS = 3_600_000;

export interface SandboxOptions {
	/** Port of the API; 0 (default) = any free port. */
	port?: number;
	/** Port of the result host; 0 (default) = any free port. */
	resultsPort?: number;
	/** Default 'sandbox-key'. */
	apiKey?: string;
	/** Limit on the requests that `counts` names; default 2, as at the service; 0 = no limit. */
	requestsPerSecond?: number;
	/** What the limit counts: creates and queries together (default), or creates alone. */
	counts?: 'all' | 'creates';
	/** From create to state 1. Default 1000. */
	processingMs?: ProcessingTimes;
	/** Lifetime of a signed URL; default one hour. */
	resultLifetimeMs?: number;
	/** After this a task is unknown (404); default one hour. */
	taskLifetimeMs?: number;
	/** How long a sync create waits for its task; default 30 000. */
	syncWaitMs?: number;
	/** Default true. False: the result is the source, byte for byte. */
	inpaint?: boolean;
	/** Default: JPEG for objects, the source's format for watermarks, as the service does. */
	resultFormat?: 'jpeg' | 'source';
	/**
	 * How a source's EXIF orientation is treated: dropped, with the pixels as stored (`ignore`), applied
	 * to the pixels (`apply`), or copied to the result (`keep`, default).
	 */
	exifOrientation?: ExifOrientation;
	/** For random processing times; default 1. */
	seed?: number;
	/** Clock of the limit, the tasks and the signed URLs, in ms since 1970. Default: the real one. */
	now?: () => number;
	/** Called when a request has ended. */
	onRequest?: (request: LoggedRequest) => void;
}

export interface Sandbox {
	apiUrl: string;
	resultsUrl: string;
	apiKey: string;
	/** Both ports, in order of arrival; grows while the sandbox runs. */
	readonly requests: LoggedRequest[];
	/** In order of creation; each read gives a new list with the current states. */
	readonly tasks: SandboxTask[];
	/** @throws Error if the action makes no sense for the kind */
	addFault(fault: Fault): void;
	clearFaults(): void;
	/** Clears requests, tasks, faults and the limit's count. */
	reset(): void;
	/** Cuts open connections, ends the inpainting thread, removes the pictures. */
	close(): Promise<void>;
}

/** Starts a stand-in for the PicWish API on 127.0.0.1. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const now = options.now ?? preciseNow;
	const apiKey = options.apiKey ?? 'sandbox-key';
	const requests: LoggedRequest[] = [];
	const faults = new FaultList();
	const store = new FileStore();
	const inpainter = options.inpaint === false ? undefined : new Inpainter();
	const exifOrientation = options.exifOrientation ?? 'keep';
	const limit = new RequestLimit(options.requestsPerSecond ?? 2, now);
	const tasks = new TaskBook(
		new Processing(store, inpainter, options.resultFormat, exifOrientation),
		now,
		options.processingMs ?? 1000,
		options.taskLifetimeMs ?? HOUR_MS,
		options.seed ?? 1,
	);

	const log = (request: IncomingMessage, response: ServerResponse, port: 'api' | 'results') => {
		const record = logRequest(request, response, port, options.onRequest);
		requests.push(record);
		return record;
	};
	const resultsServer = createFrontDoor(async (request, response) => {
		const record = log(request, response, 'results');
		routeResults(record);
		await results.handle(response, record);
	});
	const resultsUrl = await openServer(resultsServer, options.resultsPort);
	const signedUrls = new SignedUrls(resultsUrl, options.resultLifetimeMs ?? HOUR_MS, now);
	const results = new Results(tasks, signedUrls, faults);
	const api = new Api({
		apiKey,
		limit,
		counts: options.counts ?? 'all',
		faults,
		store,
		tasks,
		signedUrls,
		now,
		exifOrientation,
		syncWaitMs: options.syncWaitMs ?? 30_000,
	});
	const apiServer = createFrontDoor(async (request, response) => {
		const record = log(request, response, 'api');
		routeApi(record);
		await api.handle(request, response, record);
	});
	const apiUrl = await openServer(apiServer, options.port).catch(async (error: unknown) => {
		await closeServer(resultsServer);
		await store.remove();
		throw error;
	});

	return {
		apiUrl,
		resultsUrl,
		apiKey,
		requests,
		get tasks() {
			return tasks.list();
		},
		addFault: (fault) => faults.add(fault),
		clearFaults: () => faults.clear(),
		reset() {
			requests.length = 0;
			tasks.reset();
			faults.clear();
			limit.reset();
		},
		async close() {
			await Promise.all([closeServer(apiServer), closeServer(resultsServer), inpainter?.close()]);
			await store.remove();
		},
	};
}

function createFrontDoor(
	handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Server {
	const server = createServer((request, response) => {
		handle(request, response).catch((error: unknown) => {
			const gone = error instanceof ClientGoneError || response.destroyed;
			if (gone) return;
			if (response.headersSent) return cutAnswer(response);
			// A bug in the sandbox: answer with the stack, so that no test waits.
			response.writeHead(500, { 'content-type': 'text/plain' });
			response.end(error instanceof Error ? error.stack : String(error));
		});
	});
	// Longer than any pause in a test: a reused connection must not close during a request.
	server.keepAliveTimeout = 120_000;
	server.requestTimeout = 0;
	return server;
}
