package io.elephant.launcher.config;

import software.amazon.awssdk.http.SdkHttpClient;

/** The HTTP clients of a launch, whose kept connections the SDK's clients share. */
record HttpClients(SdkHttpClient dynamoDb, SdkHttpClient ec2) {}
