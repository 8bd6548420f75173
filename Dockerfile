# The image of one service: docker build --build-arg SERVICE=gateway --tag im/gateway .
# This stage builds all of them and does not know which one is wanted, so that seven images cost one build.
FROM mcr.microsoft.com/dotnet/sdk:10.0.302-alpine3.23 AS build
WORKDIR /src
COPY . .
# Compiled ahead for the machine of the image: a process that compiles itself is slow for its first quarter of a minute, which every client sees of an upgrade.
# The program that starts a service has its dll's name written into it, so it may be called the same in every image.
RUN set -e; \
    for service in admin gateway login message presence profile session; do \
      dotnet publish "services/$service" --configuration Release --use-current-runtime --no-self-contained --output "/out/$service" \
        -p:PublishReadyToRun=true -p:PublishDocumentationFiles=false; \
      cd "/out/$service"; \
      mv "$(basename Im.*.runtimeconfig.json .runtimeconfig.json)" service; \
      cd /src; \
    done

# "extra" has ICU: names are compared by the rules of Unicode, which .NET leaves out without it. Alpine has wget for the health checks of compose.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.10-alpine3.23-extra
ARG SERVICE
LABEL org.opencontainers.image.title="Im, ${SERVICE}"
# Where to listen is said by Im's own settings; the port of the base image would be a second word about it.
ENV ASPNETCORE_HTTP_PORTS=
WORKDIR /app
COPY --from=build /out/${SERVICE} ./
# Without the argument there is no program, and that is found here, not at the first start.
RUN test -x /app/service
# The account "app" of the base image, as a number, since Kubernetes cannot tell from a name that it is not root.
USER 1654
ENTRYPOINT ["/app/service"]
