#!/bin/sh
# Packages an application with each tracer and compares what they cost it.
# Arguments: see --help. Needs Linux, Java 17 or later and Maven.
set -e
cd "$(dirname "$0")/.."
modules=$(sed -n 's:.*<module>\(.*\)</module>.*:benchmarks/application/\1:p' benchmarks/application/pom.xml | paste -sd, -)
mvn -B -q -Pwhole-application -DskipTests -pl "benchmarks,$modules" -am package
exec java -jar benchmarks/target/benchmarks.jar whole-application "$@"
