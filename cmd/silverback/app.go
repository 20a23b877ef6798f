package main

import (
	"regexp"

	"github.com/urfave/cli/v2"
)

// newApp puts the commands together. Commands return errors and never end the
// process.
func newApp(s *streams) *cli.App {
	cli.FlagStringer = oneName(cli.FlagStringer)
	app := &cli.App{
		Name:      "silverback",
		Usage:     "see what becomes of a system when parts of it fail",
		UsageText: "silverback COMMAND [flags] [FILE…]",
		Description: `A topology written in YAML is simulated request by request while monkeys kill
its instances and gorillas take its zones away. FILE may be - for standard
input; several files are merged into one topology. Flags may stand anywhere
after the command.

  silverback run testdata/streaming.yaml --scenario gorilla
  silverback check testdata/streaming.yaml
  silverback validate testdata/streaming.yaml
  silverback scenarios

Exit status: 0 well, 1 an objective failed, 2 bad usage or input, 3 a failure
of silverback or of its surroundings, or a run that was interrupted.`,
		Version:                   version(),
		Writer:                    s.out,
		ErrWriter:                 s.err,
		Reader:                    s.in,
		HideHelpCommand:           true,
		Flags:                     []cli.Flag{cli.HelpFlag},
		DisableSliceFlagSeparator: true,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		Action:                    noCommand,
		Commands: []*cli.Command{
			runCommand(s),
			checkCommand(s),
			compareCommand(s),
			sweepCommand(s),
			validateCommand(s),
			fmtCommand(s),
			schemaCommand(s),
			scenariosCommand(s),
			versionCommand(),
		},
	}
	app.Commands = append(app.Commands, helpCommand(app))
	for _, c := range app.Commands {
		c.HideHelpCommand = true
		c.OnUsageError = onUsageError
	}
	return app
}

// oneName leaves away of a flag's help that it may be given again: its text says
// so in less room.
func oneName(stringer cli.FlagStringFunc) cli.FlagStringFunc {
	again := regexp.MustCompile(` \[ --\S+ \S+ \]`)
	return func(f cli.Flag) string { return again.ReplaceAllString(stringer(f), "") }
}

// onUsageError is asked by the flag parser where arrange let something pass.
func onUsageError(_ *cli.Context, err error, _ bool) error { return inputError{err} }

func noCommand(c *cli.Context) error {
	if c.Args().Present() {
		return unknownCommand(c.App, c.Args().First())
	}
	return badInput("no command given; see silverback --help")
}

func helpCommand(app *cli.App) *cli.Command {
	return &cli.Command{
		Name:      "help",
		Usage:     "explain silverback or one of its commands",
		ArgsUsage: "[COMMAND]",
		Action: func(c *cli.Context) error {
			switch {
			case c.NArg() == 0:
				return cli.ShowAppHelp(c)
			case c.NArg() > 1:
				return badInput("help takes one command")
			case app.Command(c.Args().First()) == nil:
				return unknownCommand(app, c.Args().First())
			default:
				return cli.ShowCommandHelp(c, c.Args().First())
			}
		},
	}
}
