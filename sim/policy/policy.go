// Package policy holds the decisions that a system takes: which instance gets a
// request, how long a retry waits, when a health check notices. They are pure:
// inputs, the time and random bits go in, a decision comes out; nothing here
// schedules or remembers more than its own state. So each is tested alone
// against a dumb twin and serves every engine.
//
// Random inputs are words of 64 uniform bits (or shares in [0,1)), drawn by the
// caller from what the draw belongs to.
package policy
