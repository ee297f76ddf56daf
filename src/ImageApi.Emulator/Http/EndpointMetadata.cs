namespace ImageApi.Emulator.Http;

/// <summary>Identifies the endpoint of a route.</summary>
internal sealed record EndpointMetadata(EmulatorEndpoint Endpoint);
