//go:build !linux

package fleet_test

func cpuTime() int64 { return 0 }
