<?php

$conf['server'] = '';
$conf['key'] = '';
$conf['questions'] = 30;
