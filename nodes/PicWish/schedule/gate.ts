/** Admits at most `most` holders at once; the others wait in order. */
export class Gate {
	private inside = 0;
	private readonly waiting: Array<() => void> = [];

	constructor(private most: number) {}

	/** @returns a function that leaves the gate; further calls do nothing */
	async enter(): Promise<() => void> {
		if (this.inside >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
		else this.inside++;
		let isInside = true;
		return () => {
			if (!isInside) return;
			isInside = false;
			this.inside--;
			this.letIn();
		};
	}

	widen(most: number): void {
		this.most = most;
		this.letIn();
	}

	private letIn(): void {
		while (this.inside < this.most) {
			const next = this.waiting.shift();
			if (!next) return;
			this.inside++;
			next();
		}
	}
}
