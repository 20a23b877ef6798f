package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// arrange brings a command line into the order that the flag parser needs:
// program, command, flags as --name=value, "--", operands. Users may mix flags
// and operands; "--" ends the flags and "-" is an operand. What the parser would
// refuse is refused here, where a nearest name can be offered.
func arrange(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return args, nil
	}
	at := slices.IndexFunc(args[1:], func(a string) bool { return !isFlag(a) }) + 1
	if at == 0 {
		at = len(args)
	}
	rootFlags, _, err := arrangeFlags("", append([]cli.Flag{cli.VersionFlag}, app.Flags...), args[1:at])
	if err != nil {
		return nil, err
	}
	arranged := append([]string{args[0]}, rootFlags...)
	if at == len(args) {
		return arranged, nil
	}
	command := app.Command(args[at])
	if command == nil {
		return nil, unknownCommand(app, args[at])
	}
	flags, operands, err := arrangeFlags(command.Name, command.Flags, args[at+1:])
	if err != nil {
		return nil, err
	}
	arranged = append(append(arranged, command.Name), flags...)
	if slices.Contains(flags, "--help") || slices.Contains(flags, "--h") {
		operands = nil // the parser would take the first for a topic
	}
	return append(append(arranged, "--"), operands...), nil
}

func isFlag(arg string) bool { return strings.HasPrefix(arg, "-") && arg != "-" }

// arrangeFlags parts the flags in args, each checked and written --name=value,
// from the operands. They are flags of a command or, if that is "", of the
// program.
func arrangeFlags(of string, known []cli.Flag, args []string) (flags, operands []string, err error) {
	known = append([]cli.Flag{cli.HelpFlag}, known...)
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return flags, append(operands, args[i+1:]...), nil
		case !isFlag(arg):
			operands = append(operands, arg)
		default:
			name, value, hasValue := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
			flag := flagNamed(known, name)
			if flag == nil {
				return nil, nil, unknownFlag(of, known, arg, name)
			}
			_, isSwitch := flag.(*cli.BoolFlag)
			if isSwitch && hasValue {
				return nil, nil, badInput("%s takes no value", flagOf(of, name))
			}
			if !isSwitch && !hasValue {
				if i++; i == len(args) || isKnownFlag(known, args[i]) {
					return nil, nil, badInput("%s needs a value", flagOf(of, name))
				}
				value = args[i]
			}
			if isSwitch {
				flags = append(flags, "--"+name)
			} else {
				flags = append(flags, "--"+name+"="+value)
			}
		}
	}
	return flags, operands, nil
}

func flagNamed(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func isKnownFlag(flags []cli.Flag, arg string) bool {
	return isFlag(arg) && flagNamed(flags, strings.TrimLeft(arg, "-")) != nil
}

func unknownFlag(of string, known []cli.Flag, arg, name string) error {
	var names []string
	for _, f := range known {
		names = append(names, "--"+f.Names()[0])
	}
	flag, _, _ := strings.Cut(arg, "=")
	if of == "" {
		return badInput("unknown flag %s%s; see silverback --help", flag, didYouMean("--"+name, names))
	}
	return badInput("%s: unknown flag %s%s; see silverback %s --help", of, flag, didYouMean("--"+name, names), of)
}

// flagOf is how errors call a flag of a command.
func flagOf(command, flag string) string {
	if command == "" {
		return "--" + flag
	}
	return command + ": --" + flag
}

func unknownCommand(app *cli.App, name string) error {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return badInput("unknown command %q%s; see silverback --help", name, didYouMean(name, names))
}
