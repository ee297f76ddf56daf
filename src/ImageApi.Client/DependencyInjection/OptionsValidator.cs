using Microsoft.Extensions.Options;

namespace ImageApi.Client.DependencyInjection;

/// <summary>Tells every fault of the settings at once, in the platform's way.</summary>
internal sealed class OptionsValidator : IValidateOptions<ImageApiClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageApiClientOptions options)
    {
        var faults = OptionsCheck.FindFaults(options);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
