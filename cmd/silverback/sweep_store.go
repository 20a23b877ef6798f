package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/silverback-sim/silverback/report"
)

// points are those that were played, in a file of one JSON object a line. Each is
// written as soon as it and those before it are played; what a crash left of a line
// is overlooked.
type points struct {
	file *os.File
	done map[string]*report.SweepPoint
}

// keptPoint is a line of the file.
type keptPoint struct {
	Key   string             `json:"key"`
	Point *report.SweepPoint `json:"point"`
}

// openPoints reads the points of a file, which it creates if need be.
func openPoints(path string) (*points, error) {
	if there, err := os.Stat(path); err == nil && !there.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", path) // a device may have no end
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	s := &points{done: map[string]*report.SweepPoint{}}
	for line := range bytes.Lines(data) {
		var kept keptPoint
		if json.Unmarshal(line, &kept) == nil && kept.Point != nil {
			s.done[kept.Key] = kept.Point
		}
	}
	s.file, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	if len(data) > 0 && data[len(data)-1] != '\n' {
		if _, err := s.file.WriteString("\n"); err != nil {
			return nil, errors.Join(err, s.file.Close())
		}
	}
	return s, nil
}

// keep a point. What is held is what the file says, so that a sweep in one go
// shows the same digits as one that was interrupted.
func (s *points) keep(key string, p *report.SweepPoint) error {
	line, err := json.Marshal(keptPoint{key, p})
	if err != nil {
		return err
	}
	var again keptPoint
	if err := json.Unmarshal(line, &again); err != nil {
		return err
	}
	if _, err := s.file.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.done[key] = again.Point
	return nil
}

func (s *points) close() { _ = s.file.Close() } // every line was synced

// programID tells this build of the program from others: its version and, where
// that does not tell what was built, a hash of the program itself.
func programID() string {
	id := version()
	if !strings.Contains(id, "(devel)") && !strings.Contains(id, "dirty") {
		return id
	}
	path, err := os.Executable()
	if err != nil {
		return id
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return id
	}
	sum := sha256.Sum256(data)
	return id + " " + hex.EncodeToString(sum[:])
}
