namespace ImageApi.Emulator.Http;

/// <summary>Tells which endpoint a route is.</summary>
internal sealed record EndpointMetadata(EmulatorEndpoint Endpoint);
