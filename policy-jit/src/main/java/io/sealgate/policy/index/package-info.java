/**
 * Candidate search: which of up to hundreds of thousands of rules could apply to a call, by scope
 * alone. {@link io.sealgate.policy.index.ScopeEntries} holds what the rules ask for, {@link
 * io.sealgate.policy.index.ScopeQuery} what a call has, both as dictionary ids in generic
 * dimensions; {@link io.sealgate.policy.index.ValueDictionary} turns names, exact or with globs,
 * into ids; a {@link io.sealgate.policy.index.ScopeIndex} answers with rule ids in a {@link
 * io.sealgate.policy.index.CandidateBuffer}. Conditions remain for the caller to evaluate.
 *
 * <p>There are three indexes with the same answers: a linear scan, bitmaps, and tuple space search
 * (Srinivasan, Suri and Varghese, SIGCOMM 1999; the classifier of Open vSwitch).
 */
package io.sealgate.policy.index;
