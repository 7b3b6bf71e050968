/**
 * Database servers of this machine, each started for the tests with data of its own and
 * stopped after them. Knows nothing of any application.
 */
package dev.apm4j.it.database;
