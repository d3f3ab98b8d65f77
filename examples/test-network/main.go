// Uses the test network with Go's own library: go run main.go MANIFEST
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"os"
	"time"
)

type manifest struct {
	CA struct {
		File string `json:"file"`
	} `json:"ca"`
	Services []struct {
		Name   string `json:"name"`
		Origin string `json:"origin"`
	} `json:"services"`
}

func main() {
	log.SetFlags(0)
	text, err := os.ReadFile(os.Args[1])
	must(err)
	var network manifest
	must(json.Unmarshal(text, &network))
	origins := map[string]string{}
	for _, service := range network.Services {
		origins[service.Name] = service.Origin
	}

	authority, err := os.ReadFile(network.CA.File)
	must(err)
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(authority) {
		log.Fatal("the CA file holds no certificate")
	}
	jar, err := cookiejar.New(nil)
	must(err)
	client := &http.Client{
		Jar:       jar,
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}},
	}

	fmt.Println("good:", status(client, origins["https"]+"/json"))

	response, err := client.Get(origins["https-expired"] + "/json")
	if err == nil {
		response.Body.Close()
		log.Fatal("an expired certificate was accepted")
	}
	fmt.Println("refused:", err)

	var first int
	client.CheckRedirect = func(request *http.Request, _ []*http.Request) error {
		first = request.Response.StatusCode
		return nil
	}
	last := status(client, origins["https"]+"/redirect/302?to=/json")
	fmt.Printf("redirect: %d, then %d\n", first, last)

	status(client, origins["https"]+"/cookies/set?flavour=oat")
	response, err = client.Get(origins["https"] + "/cookies")
	must(err)
	defer response.Body.Close()
	var cookies struct {
		Raw string `json:"raw"`
	}
	must(json.NewDecoder(response.Body).Decode(&cookies))
	fmt.Println("cookie:", cookies.Raw)
}

func status(client *http.Client, url string) int {
	response, err := client.Get(url)
	must(err)
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	must(err)
	return response.StatusCode
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
