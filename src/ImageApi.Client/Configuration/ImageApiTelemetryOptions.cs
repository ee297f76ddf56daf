namespace ImageApi.Client;

/// <summary>What traces and metrics say. They cost nothing while nobody listens to the activity source and the meter <c>ImageApi.Client</c>.</summary>
public sealed class ImageApiTelemetryOptions
{
    /// <summary>Gets or sets the name of whoever runs the API, the attribute <c>gen_ai.provider.name</c> of spans and metrics.</summary>
    /// <value>Not blank. The default is <c>imageapi</c>.</value>
    public string ProviderName { get; set; } = "imageapi";

    /// <summary>Gets or sets a value indicating whether spans carry the prompt, as <c>gen_ai.input.messages</c>. Logs and metrics never do.</summary>
    /// <value>The default is false: prompts may be personal or secret, and traces are kept and read by many.</value>
    public bool EnableSensitiveData { get; set; }
}
