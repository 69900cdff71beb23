#!/bin/sh
# A worker in POSIX sh, curl and awk, for a node that has nothing else: tunes a logistic regression on the tumours of examples/data.
#
#   ASKTELL_URL=http://localhost:8080 ASKTELL_TOKEN=at_... examples/curl/worker.sh [STUDY [TRIALS]]
#
# Start it on as many nodes as there are. The token travels in the URL and needs the scope `edit`, as the worker creates the study;
# with the study in place `work` is enough.
set -eu

url=${ASKTELL_URL:-http://localhost:8080}
token=${ASKTELL_TOKEN:?set ASKTELL_TOKEN}
study=${1:-tumours-curl}
trials=${2:-20}
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../data/breast-cancer.csv
worker=$(uname -n)-$$
epochs=${EPOCHS:-15}
patience=${PATIENCE:-10} # how often a call is repeated before the worker gives up

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# A text that no other request has.
new_id() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# call SERVICE/METHOD JSON: sends the request and leaves the answer in $answer. The same body, with the same request id, is sent again
# while the server cannot be reached or is overloaded; the server answers a repeat as it answered the first time.
call() {
  attempt=0
  pause=1
  while :; do
    status=$(curl -sS --max-time 30 -o "$scratch/answer" -w '%{http_code}' -H 'Content-Type: application/json' \
      --data "$2" "$url/t/$token/asktell.v1.$1" 2>"$scratch/error") || status=000
    case $status in
    200)
      answer=$(cat "$scratch/answer")
      return 0
      ;;
    000 | 408 | 429 | 502 | 503 | 504)
      attempt=$((attempt + 1))
      if [ "$attempt" -gt "$patience" ]; then
        # curl names hosts, never the path: the token stays out of logs.
        echo "$1: gave up: $status $(cat "$scratch/error")" >&2
        return 1
      fi
      sleep "$pause"
      [ "$pause" -ge 16 ] || pause=$((pause * 2))
      ;;
    *)
      echo "$1: $status $(cat "$scratch/answer")" >&2
      return 1
      ;;
    esac
  done
}

# text NAME and number NAME: the first such field of $answer, or nothing.
text() { printf '%s' "$answer" | sed -n 's/"'"$1"'":"\([^"]*\)".*/\
\1/p' | sed -n 2p; }
number() { printf '%s' "$answer" | sed -n 's/"'"$1"'":\(-\{0,1\}[0-9][0-9.eE+-]*\).*/\
\1/p' | sed -n 2p; }

# train: goes over the data once, from the weights in $scratch/weights to new ones, and prints the mean log loss on the rows held out
# (every fifth).
train() {
  awk -F, -v lr="$lr" -v l2="$l2" -v momentum="$momentum" -v batch="$batch" -v file="$scratch/weights" '
    FNR == 1 && NR == 1 { next }
    { n++; y[n] = $1; width = NF - 1; for (i = 1; i <= width; i++) x[n, i] = $(i + 1) }
    END {
      for (i = 1; i <= width; i++) {
        sum = squares = count = 0
        for (r = 1; r <= n; r++) if (r % 5) { sum += x[r, i]; squares += x[r, i] ^ 2; count++ }
        mean = sum / count; deviation = sqrt(squares / count - mean ^ 2)
        for (r = 1; r <= n; r++) x[r, i] = (x[r, i] - mean) / deviation
      }
      # Weight 0 is the intercept. The file holds a weight and its velocity a line.
      for (i = 0; i <= width; i++) { w[i] = v[i] = 0; if ((getline line < file) > 0) { split(line, pair, " "); w[i] = pair[1]; v[i] = pair[2] } }
      close(file)
      held = 0
      for (r = 1; r <= n; r++) {
        if (r % 5 == 0) continue
        z = w[0]; for (i = 1; i <= width; i++) z += w[i] * x[r, i]
        residual = 1 / (1 + exp(z < -500 ? 500 : -z)) - y[r]
        g[0] += residual; for (i = 1; i <= width; i++) g[i] += residual * x[r, i]
        if (++held == batch) {
          for (i = 0; i <= width; i++) {
            v[i] = momentum * v[i] - lr * (g[i] / batch + (i ? l2 * w[i] : 0)); w[i] += v[i]; g[i] = 0
          }
          held = 0
        }
      }
      for (i = 0; i <= width; i++) printf "%.12g %.12g\n", w[i], v[i] > file
      for (r = 5; r <= n; r += 5) {
        z = w[0]; for (i = 1; i <= width; i++) z += w[i] * x[r, i]
        a = z < 0 ? -z : z
        loss += (z > 0 ? z : 0) + log(1 + exp(a > 500 ? -500 : -a)) - y[r] * z; rows++
      }
      printf "%.6f\n", loss / rows
    }' "$data"
}

call StudyService/CreateStudy '{"studyId":"'"$study"'","allowExisting":true,"study":{
  "displayName":"Logistic regression in awk","maxTrials":'"$trials"',"leaseDuration":"60s","objectives":[{"name":"log_loss"}],
  "pruner":{"median":{"startupTrials":5,"warmupSteps":2}},
  "parameters":[
    {"name":"lr","real":{"low":1e-3,"high":1,"log":true}},
    {"name":"l2","real":{"low":1e-6,"high":0.1,"log":true}},
    {"name":"momentum","real":{"low":0,"high":0.95}},
    {"name":"batch","integer":{"low":4,"high":128,"log":true}}]}}'

while :; do
  call TrialService/AskTrials '{"study":"'"$study"'","worker":"'"$worker"'","requestId":"'"$(new_id)"'","maxWait":"10s"}'
  state=$(text studyState)
  case $answer in
  *'"trials":[]'*)
    if [ "$state" = STUDY_STATE_FINISHED ]; then break; fi
    sleep 1
    continue
    ;;
  esac

  trial=$(text name)
  lease=$(text leaseToken)
  lr=$(number lr) l2=$(number l2) momentum=$(number momentum) batch=$(number batch)
  : >"$scratch/weights"
  outcome=
  epoch=0
  while [ "$epoch" -lt "$epochs" ]; do
    epoch=$((epoch + 1))
    loss=$(train)
    # A report names its step: it needs no request id to be repeated safely.
    call TrialService/ReportTrial '{"trial":"'"$trial"'","leaseToken":"'"$lease"'","step":'"$epoch"',"values":['"$loss"']}'
    case $answer in
    *'"shouldStop":true'*)
      outcome=$(text reason)
      break
      ;;
    esac
  done

  case $outcome in
  '') tell='"values":['"$loss"']' ;;
  STOP_REASON_PRUNED) tell='"state":"TRIAL_STATE_PRUNED"' ;;
  *)
    echo "$trial: dropped: $outcome"
    continue
    ;;
  esac
  call TrialService/TellTrial '{"trial":"'"$trial"'","leaseToken":"'"$lease"'","requestId":"'"$(new_id)"'",'"$tell"'}'
  echo "$trial: lr=$lr l2=$l2 momentum=$momentum batch=$batch: log loss $loss${outcome:+ (pruned after epoch $epoch)}"
done

call StudyService/ListBestTrials '{"study":"'"$study"'"}'
echo "best: $(text name)"
