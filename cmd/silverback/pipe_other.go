//go:build !unix

package main

// survivePipes has nothing to do where there is no SIGPIPE.
func survivePipes() {}
