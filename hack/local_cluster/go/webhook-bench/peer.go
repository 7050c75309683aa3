package main

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The part of a review that conversion reads: everything else is skipped by the decoder, as in ours.
type review struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Request    *request `json:"request,omitempty"`
	Response   *answer  `json:"response,omitempty"`
}

type request struct {
	UID      string `json:"uid"`
	Resource struct {
		Resource string `json:"resource"`
	} `json:"resource"`
	Namespace string `json:"namespace"`
	Operation string `json:"operation"`
	DryRun    *bool  `json:"dryRun"`
	Object    pod    `json:"object"`
}

type pod struct {
	Metadata struct {
		Name         string            `json:"name"`
		GenerateName string            `json:"generateName"`
		Labels       map[string]string `json:"labels"`
		Annotations  map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec struct {
		Containers     []container `json:"containers"`
		InitContainers []container `json:"initContainers"`
		ResourceClaims []struct {
			Name string `json:"name"`
		} `json:"resourceClaims"`
		NodeName         *string           `json:"nodeName"`
		NodeSelector     map[string]string `json:"nodeSelector"`
		SchedulerName    *string           `json:"schedulerName"`
		RuntimeClassName *string           `json:"runtimeClassName"`
	} `json:"spec"`
}

type container struct {
	Name      string `json:"name"`
	Resources *struct {
		Limits   map[string]string `json:"limits"`
		Requests map[string]string `json:"requests"`
		Claims   []json.RawMessage `json:"claims"`
	} `json:"resources"`
	RestartPolicy *string `json:"restartPolicy"`
	Env           []struct {
		Name      string    `json:"name"`
		Value     *string   `json:"value"`
		ValueFrom *struct{} `json:"valueFrom"`
	} `json:"env"`
	SecurityContext *struct {
		Privileged *bool `json:"privileged"`
	} `json:"securityContext"`
}

type answer struct {
	UID       string   `json:"uid"`
	Allowed   bool     `json:"allowed"`
	Status    *status  `json:"status,omitempty"`
	Patch     []byte   `json:"patch,omitempty"`
	PatchType string   `json:"patchType,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

type status struct {
	Code    int    `json:"code"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

const mib = 1 << 20

var resources = []string{"nvidia.com/gpu", "nvidia.com/gpumem", "nvidia.com/gpumem-percentage", "nvidia.com/gpucores", "nvidia.com/priority"}

// variables are those of a container that say how its share is held; a pod with one of them is more than this peer converts.
var variables = map[string]bool{"GPU_CORE_UTILIZATION_POLICY": true, "CUDA_TASK_PRIORITY": true, "CUDA_DISABLE_CONTROL": true}

// templates remembers which are there, as ours does; writing one is no part of what is compared.
type templates struct {
	lock sync.Mutex
	seen map[string]time.Time
}

func (t *templates) ensure(namespace, name string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.seen[namespace+"/"+name] = time.Now()
}

// peer serves POST /mutate until it is killed.
func peer(arguments []string) error {
	flags := flag.NewFlagSet("peer", flag.ExitOnError)
	certificate := flags.String("tls-cert", "", "PEM certificate chain")
	key := flags.String("tls-key", "", "PEM private key")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	log.Printf("listening at 127.0.0.1 port %d", listener.Addr().(*net.TCPAddr).Port)
	known := &templates{seen: map[string]time.Time{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /mutate", func(w http.ResponseWriter, r *http.Request) { mutate(known, w, r) })
	server := &http.Server{Handler: mux, TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}}
	return server.ServeTLS(listener, *certificate, *key)
}

func mutate(known *templates, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var asked review
	if err := json.Unmarshal(body, &asked); err != nil || asked.Request == nil || asked.Request.Resource.Resource != "pods" {
		http.Error(w, "not a review of a pod", http.StatusBadRequest)
		return
	}
	encoded, err := json.Marshal(review{"admission.k8s.io/v1", "AdmissionReview", nil, decide(known, asked.Request)})
	if err != nil {
		http.Error(w, "fault", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(encoded)
}

func decide(known *templates, asked *request) *answer {
	operations, template, err := convert(&asked.Object)
	if err != nil {
		return &answer{UID: asked.UID, Status: &status{422, "Invalid", err.Error()}}
	}
	if template != "" && (asked.DryRun == nil || !*asked.DryRun) {
		known.ensure(asked.Namespace, template)
	}
	patch, err := json.Marshal(operations)
	if err != nil {
		return &answer{UID: asked.UID, Status: &status{500, "InternalError", "fault"}}
	}
	return &answer{UID: asked.UID, Allowed: true, Patch: patch, PatchType: "JSONPatch", Warnings: warnings(&asked.Object)}
}

// convert returns the patch and the name of the template: one share per container that asks for one. It decodes and looks at what ours
// does for such a pod; what ours refuses or prefers beside it is left out.
func convert(pod *pod) ([]operation, string, error) {
	var operations []operation
	var requests []any
	came := map[string]map[string]string{}
	for i := range pod.Spec.Containers {
		c := &pod.Spec.Containers[i]
		asked, err := askedBy(c)
		if err != nil {
			return nil, "", err
		}
		if len(asked) == 0 {
			continue
		}
		shown := map[string]string{}
		for name, value := range asked {
			shown[name] = strconv.FormatInt(value, 10)
		}
		came[c.Name] = shown
		for _, variable := range c.Env {
			if variables[variable.Name] {
				return nil, "", fmt.Errorf("container %q: env %s: not converted here", c.Name, variable.Name)
			}
		}
		requests = append(requests, requestOf(c.Name, asked))
		operations = append(operations, containerPatch(c, fmt.Sprintf("/spec/containers/%d", i))...)
	}
	spec, err := json.Marshal(map[string]any{"devices": map[string]any{"requests": requests}})
	if err != nil {
		return nil, "", err
	}
	digest := sha256.Sum256(spec)
	template := "hami-" + hex.EncodeToString(digest[:])[:20]
	annotation, err := json.Marshal(came)
	if err != nil {
		return nil, "", err
	}
	operations = append(operations,
		operation{"add", "/metadata/annotations/hami.io~1converted", string(annotation)},
		operation{"add", "/spec/resourceClaims", []any{map[string]any{"name": "hami", "resourceClaimTemplateName": template}}})
	return operations, template, nil
}

// warnings names the containers that are privileged, as ours does.
func warnings(pod *pod) []string {
	var found []string
	for _, containers := range [][]container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, c := range containers {
			if c.SecurityContext != nil && c.SecurityContext.Privileged != nil && *c.SecurityContext.Privileged {
				found = append(found, fmt.Sprintf("container %q: is privileged", c.Name))
			}
		}
	}
	return found
}

func askedBy(c *container) (map[string]int64, error) {
	if c.Resources == nil {
		return nil, nil
	}
	asked := map[string]int64{}
	for _, name := range resources {
		text, given := c.Resources.Limits[name]
		if !given {
			text, given = c.Resources.Requests[name]
		}
		if !given {
			continue
		}
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil || value < 0 {
			return nil, fmt.Errorf("container %q: %s: %.64s is not usable", c.Name, name, text)
		}
		asked[name] = value
	}
	return asked, nil
}

func requestOf(name string, asked map[string]int64) map[string]any {
	capacity := map[string]any{}
	if memory, given := asked["nvidia.com/gpumem"]; given {
		capacity["memory"] = quantity(memory * mib)
	}
	if cores := asked["nvidia.com/gpucores"]; cores > 0 {
		capacity["cores"] = strconv.FormatInt(cores, 10)
	}
	exactly := map[string]any{
		"deviceClassName": "gpu.hami.io",
		"allocationMode":  "ExactCount",
		"count":           asked["nvidia.com/gpu"],
		"capacity":        map[string]any{"requests": capacity},
	}
	return map[string]any{"name": name, "exactly": exactly}
}

// quantity writes bytes in the largest unit that divides them.
func quantity(bytes int64) string {
	for shift, unit := range []string{"", "Ki", "Mi", "Gi", "Ti"} {
		if shift == 4 || bytes%(1<<(10*(shift+1))) != 0 {
			return strconv.FormatInt(bytes>>(10*shift), 10) + unit
		}
	}
	return ""
}

func containerPatch(c *container, path string) []operation {
	var operations []operation
	sections := []struct {
		name    string
		members map[string]string
	}{{"limits", c.Resources.Limits}, {"requests", c.Resources.Requests}}
	for _, section := range sections {
		for _, name := range resources {
			if _, given := section.members[name]; given {
				operations = append(operations, operation{Op: "remove", Path: path + "/resources/" + section.name + "/" + strings.ReplaceAll(name, "/", "~1")})
			}
		}
	}
	claim := map[string]any{"name": "hami", "request": c.Name}
	return append(operations, operation{"add", path + "/resources/claims", []any{claim}})
}
