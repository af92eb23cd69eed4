/** The folder of everything the appliance keeps. */
package io.sealgate.gateway.data;
