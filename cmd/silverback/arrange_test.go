package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func TestArrange(t *testing.T) {
	app := &cli.App{
		Flags: []cli.Flag{cli.HelpFlag},
		Commands: []*cli.Command{
			{Name: "play", Flags: []cli.Flag{&cli.StringFlag{Name: "seed"}, &cli.BoolFlag{Name: "quick"}}},
		},
	}
	for line, want := range map[string]string{
		"":                              "",
		"--help":                        "--help",
		"-h play":                       "--h play --",
		"play":                          "play --",
		"play a b":                      "play -- a b",
		"play a --seed 1 b --quick":     "play --seed=1 --quick -- a b",
		"play --seed=1 a -seed=2":       "play --seed=1 --seed=2 -- a",
		"play - --quick":                "play --quick -- -",
		"play --seed - a":               "play --seed=- -- a",
		"play --seed -1 a":              "play --seed=-1 -- a",
		"play --seed= a":                "play --seed= -- a",
		"play --quick -- --seed 1 -- x": "play --quick -- --seed 1 -- x",
		"play a --help":                 "play --help --",
	} {
		got, err := arrange(app, append([]string{"silverback"}, strings.Fields(line)...))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if want := strings.Fields(want); !slices.Equal(got[1:], want) {
			t.Errorf("%s: got %q, want %q", line, got[1:], want)
		}
	}
	for line, want := range map[string]string{
		"pley":                  `unknown command "pley", did you mean play?; see silverback --help`,
		"-":                     `unknown command "-"; see silverback --help`,
		"--seed 1 play":         "unknown flag --seed; see silverback --help",
		"play --sead=1":         "play: unknown flag --sead, did you mean --seed?; see silverback play --help",
		"play a -x":             "play: unknown flag -x; see silverback play --help",
		"play a --seed":         "play: --seed needs a value",
		"play --seed --quick a": "play: --seed needs a value",
		"play --quick=maybe":    "play: --quick takes no value",
	} {
		_, err := arrange(app, append([]string{"silverback"}, strings.Fields(line)...))
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

// TestPanic sees to it that a bug has the status of a failure of ours.
func TestPanic(t *testing.T) {
	var stderr strings.Builder
	if status := run([]string{"silverback", "validate", "-"}, nil, io.Discard, &stderr); status != statusFailure {
		t.Errorf("status %d", status)
	}
	if !strings.Contains(stderr.String(), "this is a bug in silverback, please report it: ") {
		t.Errorf("stderr: %s", stderr.String())
	}
}
