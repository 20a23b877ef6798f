//go:build deep

package report_test

// long is set where time does not matter: go test -tags deep.
const long = true
