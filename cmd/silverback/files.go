package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// fileName is a name in letters, digits and dashes, numbered if it is taken:
// gorilla[us-east-1a] becomes gorilla-us-east-1a.
func fileName(name string, taken map[string]bool) string {
	words := strings.FieldsFunc(name, func(r rune) bool {
		inside := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
		return !inside
	})
	base := strings.Join(words, "-")
	unique := base
	for i := 2; unique == "" || taken[unique]; i++ {
		unique = strings.TrimPrefix(fmt.Sprintf("%s-%d", base, i), "-")
	}
	taken[unique] = true
	return unique
}

// writeFile writes a file whole or not at all: beside its place first, then
// renamed. A file that was there keeps its permissions, and a link its target. A
// device or a pipe is written into: a file must not take its place.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	old, missing := os.Stat(path)
	if missing == nil && !old.Mode().IsRegular() && !old.IsDir() {
		return writeInto(path, write)
	}
	file, err := createBeside(path)
	if err != nil {
		return err
	}
	partial := file.Name()
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w; %s is not written", err, path)
			os.Remove(partial) //nolint:errcheck // the first error counts
		}
	}()
	if missing == nil {
		_ = file.Chmod(old.Mode().Perm()) // a matter of politeness
	}
	if err = fill(file, write); err == nil {
		err = os.Rename(partial, path)
	}
	return err
}

// writeInto writes to what is no regular file and stays what it is.
func writeInto(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return fill(file, write)
}

// fill a file, and close it.
func fill(file *os.File, write func(io.Writer) error) error {
	buffer := bufio.NewWriter(file)
	err := write(buffer)
	if err == nil {
		err = buffer.Flush()
	}
	return errors.Join(err, file.Close())
}

// samePlace tells whether two names are of one file.
func samePlace(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// createBeside creates a hidden file of its own next to path. What a process of
// the same number left behind when it was killed is no obstacle.
func createBeside(path string) (file *os.File, err error) {
	const tries = 1000
	for i := range tries {
		name := fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()+i)
		file, err = os.OpenFile(filepath.Join(filepath.Dir(path), name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return file, err
}
