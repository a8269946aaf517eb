const Sequencer = require('@jest/test-sequencer').default;

/** An upload that takes more than a minute: begun last, it would be all that still runs. */
const LONGEST = 'createConnection.test.ts';

/** Jest knows how long a file takes from the time before; on a new machine nothing is known. */
module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const isLongest = ({ path }) => path.endsWith(LONGEST);
		const sorted = super.sort(tests);
		return [...sorted.filter(isLongest), ...sorted.filter((test) => !isLongest(test))];
	}
};
