FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -buildvcs=false -ldflags='-s -w' -o /silverback ./cmd/silverback

FROM scratch
COPY --from=build /silverback /silverback
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/silverback"]
CMD ["--help"]
