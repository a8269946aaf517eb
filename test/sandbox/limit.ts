/** The account's limit on requests per second: a sliding window, as exact as the clock. */
export class RequestLimit {
	private readonly acceptedAt: number[] = [];
	private readonly requestsPerWindow: number;
	private readonly windowMs: number;

	/**
	 * @param requestsPerSecond 0 = no limit; 0.5 = one request every two seconds
	 * @param now clock in milliseconds
	 */
	constructor(
		requestsPerSecond: number,
		private readonly now: () => number,
	) {
		this.requestsPerWindow = Math.max(1, Math.floor(requestsPerSecond));
		this.windowMs = requestsPerSecond > 0 ? (this.requestsPerWindow / requestsPerSecond) * 1000 : 0;
	}

	/** Whether this request is within the limit. A refused one does not count. */
	accept(): boolean {
		const at = this.now();
		while (this.acceptedAt[0] !== undefined && this.acceptedAt[0] <= at - this.windowMs) {
			this.acceptedAt.shift();
		}
		if (this.windowMs > 0 && this.acceptedAt.length >= this.requestsPerWindow) return false;
		this.acceptedAt.push(at);
		return true;
	}

	reset(): void {
		this.acceptedAt.length = 0;
	}
}
