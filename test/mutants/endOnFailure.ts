import fc from 'fast-check';

// A mutant is killed by the first counterexample: making it smaller may take many minutes.
fc.configureGlobal({ endOnFailure: true });
