// Package policy holds the decisions that a system takes: which instance gets a
// request, how long a retry waits and whether it may, when a breaker opens, what a
// queue drops, when a health check notices, on which day the monkey comes. They are
// pure: inputs, the time and random bits go in, a decision comes out; nothing here
// schedules or remembers more than its own state. So each is tested alone
// against a dumb twin and serves every engine.
//
// What a model fixes is a rule, which many share; what changes is a state of which
// each caller, balancer or instance has its own, and whose zero value is ready.
// Steady states allocate nothing. Times are in ns on one clock that does not go back.
//
// Random inputs are words of 64 uniform bits (or shares in [0,1)), drawn by the
// caller from what the draw belongs to.
package policy
