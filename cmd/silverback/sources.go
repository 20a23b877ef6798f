package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/silverback-sim/silverback/topology"
)

// stdinName is what messages call standard input.
const stdinName = "<stdin>"

// maxRead bounds what is read of one file, in bytes, so that an endless one
// ends; the language's own bound is lower.
const maxRead = 16 << 20

// readSources reads the files that the operands of a command name; "-" is
// standard input. It reports all files that cannot be read.
func (s *streams) readSources(command string, operands []string) ([]topology.Source, error) {
	if len(operands) == 0 {
		return nil, badInput("%s: no file given; - is standard input", command)
	}
	var sources []topology.Source
	var problems []error
	given := map[string]bool{}
	for _, name := range operands {
		if given[name] {
			problems = append(problems, fmt.Errorf("%s: given twice", name))
			continue
		}
		given[name] = true
		source, err := s.readSource(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		sources = append(sources, source)
	}
	if len(problems) > 0 {
		return nil, inputError{errors.Join(problems...)}
	}
	return sources, nil
}

func (s *streams) readSource(name string) (topology.Source, error) {
	source, reader := topology.Source{Name: name}, s.in
	if name == "-" {
		source.Name = stdinName
	} else {
		file, err := os.Open(name)
		if err != nil {
			return source, unreadable(name, err)
		}
		defer file.Close() //nolint:errcheck // it was only read
		reader = file
	}
	data, err := io.ReadAll(io.LimitReader(reader, maxRead+1))
	if err != nil {
		return source, unreadable(source.Name, err)
	}
	if len(data) > maxRead {
		return source, fmt.Errorf("%s: has more than %d MB", source.Name, maxRead>>20)
	}
	source.Data = data
	return source, nil
}

// unreadable says why a file cannot be read, without the names of system calls.
func unreadable(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: cannot be read: %w", name, err)
}
