package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// report is what one run of load tells.
type report struct {
	Reviews int     `json:"reviews"`
	Seconds float64 `json:"seconds"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	Worst   float64 `json:"worst_ms"`
}

// asker asks over one connection, one review after the other.
type asker struct {
	question []byte
	taken    []time.Duration
	err      error
}

// load asks without a pause over several kept connections and prints a report. Every answer must be a patch.
func load(arguments []string) error {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	address := flags.String("address", "", "host:port")
	authority := flags.String("ca", "", "PEM file of the authority to trust")
	body := flags.String("body", "", "file with the review")
	connections := flags.Int("connections", 8, "connections at once")
	duration := flags.Duration("duration", 3*time.Second, "how long")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	trust, err := trusting(*authority)
	if err != nil {
		return err
	}
	review, err := os.ReadFile(*body)
	if err != nil {
		return err
	}
	head := fmt.Sprintf("POST /mutate?timeout=5s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json, */*\r\nContent-Length: %d\r\n\r\n", *address, len(review))
	question := append([]byte(head), review...)

	askers := make([]asker, *connections)
	started := time.Now()
	var all sync.WaitGroup
	for i := range askers {
		askers[i].question = question
		all.Add(1)
		go func() {
			defer all.Done()
			askers[i].err = askers[i].run(*address, trust, started.Add(*duration))
		}()
	}
	all.Wait()
	seconds := time.Since(started).Seconds()
	var taken []time.Duration
	for i := range askers {
		if askers[i].err != nil {
			return askers[i].err
		}
		taken = append(taken, askers[i].taken...)
	}
	slices.Sort(taken)
	at := func(part float64) float64 { return taken[int(part*float64(len(taken)-1))].Seconds() * 1000 }
	return json.NewEncoder(os.Stdout).Encode(report{len(taken), seconds, at(0.5), at(0.99), at(1)})
}

func (a *asker) run(address string, trust *tls.Config, end time.Time) error {
	connection, err := tls.Dial("tcp", address, trust)
	if err != nil {
		return err
	}
	defer connection.Close()
	reader := bufio.NewReader(connection)
	var answer bytes.Buffer
	for time.Now().Before(end) {
		asked := time.Now()
		if _, err := connection.Write(a.question); err != nil {
			return err
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return err
		}
		answer.Reset()
		if _, err := io.Copy(&answer, response.Body); err != nil {
			return err
		}
		a.taken = append(a.taken, time.Since(asked))
		if response.StatusCode != http.StatusOK || !bytes.Contains(answer.Bytes(), []byte(`"patch"`)) {
			return fmt.Errorf("answered %s: %.300s", response.Status, answer.String())
		}
	}
	return nil
}

func trusting(authority string) (*tls.Config, error) {
	pem, err := os.ReadFile(authority)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New(authority + ": no PEM certificate")
	}
	return &tls.Config{RootCAs: pool}, nil
}
