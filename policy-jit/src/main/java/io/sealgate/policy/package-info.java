/**
 * The policy engine: documents become checked rules ({@link io.sealgate.policy.PolicyDocument}),
 * rules become an immutable {@link io.sealgate.policy.Snapshot} whose conditions are bytecode
 * ({@link io.sealgate.policy.PolicyCompiler}), and a snapshot turns the {@link
 * io.sealgate.policy.Facts} of a call into a {@link io.sealgate.policy.Verdict}.
 *
 * <p>A call is denied unless an enforced {@code model_access} rule, or for a tool call a {@code
 * tool_access} rule, of the organisation admits it, and so does every node below the organisation
 * that the call belongs to and that states what it admits. Any rule that blocks wins over any rule
 * that admits; exemptions keep single restrictions off and admit nothing. The order of rules and
 * documents changes nothing. A policy in observe mode takes part in what is decided and never in
 * what is done.
 */
package io.sealgate.policy;
