//go:build !linux

package sim

func cpuTime() int64 { return 0 }
