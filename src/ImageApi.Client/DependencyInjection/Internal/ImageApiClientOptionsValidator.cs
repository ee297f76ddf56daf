using ImageApi.Client.Internal;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.DependencyInjection.Internal;

/// <summary>Tells every fault of the settings at once, in the platform's way.</summary>
internal sealed class ImageApiClientOptionsValidator : IValidateOptions<ImageApiClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ImageApiClientOptions options)
    {
        var errors = OptionsValidation.FindErrors(options);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
