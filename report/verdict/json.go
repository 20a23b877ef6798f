package verdict

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/silverback-sim/silverback/report"
)

// WriteJSON writes the results document and, if there is one, the comparison
// with the baseline beside its runs.
func WriteJSON(w io.Writer, s *Sheet) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	document := struct {
		*report.Document
		Baseline *report.Comparison `json:"baseline,omitempty"`
	}{s.Document, s.Comparison}
	if err := enc.Encode(document); err != nil {
		return fmt.Errorf("writing the results: %w", err)
	}
	return nil
}
