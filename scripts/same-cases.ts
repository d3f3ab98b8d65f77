/**
 * Preloaded into each test file with CI=true: what decides on a change tries the same cases each time, so that the
 * change is judged and not the dice. Without it each run of `npm test` tries others, and tells the seed of one that fails.
 */
import { configureGlobal } from "fast-check";

configureGlobal({ seed: 20_261_122 });
