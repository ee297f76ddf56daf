using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Http;

/// <summary>Lets through only who knows the key. The answer never repeats what was sent.</summary>
internal sealed class BearerCheck(string apiKey)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _expected = SHA256.HashData(Encoding.UTF8.GetBytes(apiKey));

    public RequestDelegate Before(RequestDelegate next) => http =>
    {
        string sent = http.Request.Headers.Authorization.ToString();
        if (!sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw Refuse(http, "No API key was provided. Send it as a bearer token: Authorization: Bearer YOUR_API_KEY.");
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(sent[Scheme.Length..].Trim()));
        return CryptographicOperations.FixedTimeEquals(given, _expected)
            ? next(http)
            : throw Refuse(http, "The API key provided is not the one of this emulator.");
    };

    private static ApiException Refuse(HttpContext http, string message)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return new ApiException(401, "invalid_request_error", message, code: "invalid_api_key");
    }
}
