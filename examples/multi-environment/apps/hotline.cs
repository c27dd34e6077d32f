using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;
using TCX.PBXAPI;

namespace dummy
{
    /// <summary>
    /// Keeps the caller company for a while and tries the reception again and again, three times in all.
    /// </summary>
    public class Hotline : ScriptBase<Hotline>
    {
        private const int Tries = 3;

        public override async void Start()
        {
            var isConnected = false;
            try
            {
                await MyCall.AssureMedia();
                for (var attempt = 1; attempt <= Tries && !isConnected; attempt++)
                {
                    await MyCall.PlayPrompt(null, new[] { "PLSHOLD" }, PlayPromptOptions.Blocked);
                    isConnected = await TryReceptionAsync(attempt);
                }
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
            }
            finally
            {
                MyCall.Return(isConnected);
            }
        }

        private async Task<bool> TryReceptionAsync(int attempt)
        {
            try
            {
                var pbx = MyCall.PS as PhoneSystem;
                await MyCall.RouteToAsync(new RouteRequest
                {
                    RouteTarget = new DestinationStruct(pbx.GetDNByNumber("${var:RECEPTION}")),
                    TimeOut = TimeSpan.FromSeconds(15),
                });
                return true;
            }
            catch (Exception error)
            {
                MyCall.Info($"Attempt {attempt} of {Tries}: {error.Message}");
                return false;
            }
        }
    }
}
