"""The upstreams' own languages: parameters out, payloads in, and the one door to the network."""
